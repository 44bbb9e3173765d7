-- As before, but the tenth of all beyond which a stretch is read without its lexemes is one of the dated
-- documents (their ids begin with the year 1000): those of unknown date have ids far below, and a single one
-- made the tenth two hundred years.
CREATE OR REPLACE FUNCTION find_indexed(
    asked TSQUERY, low BIGINT, high BIGINT, most BIGINT, sample BIGINT, growth BIGINT,
    standing TEXT[]
) RETURNS TABLE (id BIGINT, size BIGINT, beyond BOOLEAN)
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
    AS $$ DECLARE
        reached BIGINT; below BIGINT; span BIGINT; found BIGINT; within TSQUERY; is_all BOOLEAN; much BIGINT;
    BEGIN
        SELECT min(n.id), max(n.id) + 1, count(*) < sample INTO reached, below, is_all FROM (
            SELECT i.id FROM document_index AS i WHERE i.id >= low AND i.id < high
            ORDER BY i.id DESC LIMIT sample
        ) AS n;
        span := below - reached;
        SELECT (max(i.id) - min(i.id)) / 10 INTO much FROM document_index AS i
            WHERE i.id >= 8070495437312;
        WHILE below IS NOT NULL LOOP
            within := asked;
            IF below - reached < much THEN
                within := coalesce(asked && stretches(reached, below), asked);
            END IF;
            RETURN QUERY
                SELECT i.id, i.size, i.beyond FROM document_index AS i
                WHERE i.terms @@ within AND i.id + 0 >= reached AND i.id + 0 < below
                AND NOT EXISTS (SELECT 1 FROM spilled AS s WHERE s.document_id = i.id)
                AND (standing IS NULL OR i.beyond OR coalesce(
                    (SELECT g.signs FROM document_index_signs AS g WHERE g.id = i.id) ~ ALL (standing), TRUE
                ))
                ORDER BY i.id + 0 DESC LIMIT most;
            GET DIAGNOSTICS found = ROW_COUNT;
            EXIT WHEN is_all OR found = most;
            most := most - found;
            SELECT max(i.id) + 1 INTO below FROM document_index AS i
                WHERE i.id >= low AND i.id < reached;
            span := least(span, CAST(1 AS BIGINT) << 54)
                * CASE found WHEN 0 THEN growth ELSE least(growth, greatest(2, 2 * most / found)) END;
            reached := greatest(low, below - span);
        END LOOP;
    END $$;
