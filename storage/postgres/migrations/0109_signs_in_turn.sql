-- What has no signs, though a tsvector holds it, would be found by none: it gets them from its words, and
-- where these are lacking too, it is looked at itself.
INSERT INTO document_index_signs (id, signs)
SELECT w.id, coalesce(
    (
        SELECT string_agg(
            chr(256 + (256 * get_byte(w.words, 4 * n) + get_byte(w.words, 4 * n + 1)) % 1792), '' ORDER BY n
        )
        FROM generate_series(
            0, length(w.words) / 4 - 1 - (
                SELECT CAST(count(*) AS INTEGER) FROM unnest(tsvector_to_array(i.terms)) AS held
                WHERE held LIKE 'f%'
            )
        ) AS n
    ),
    ''
)
FROM document_index_words AS w JOIN document_index AS i ON i.id = w.id WHERE NOT i.beyond
    AND NOT EXISTS (SELECT 1 FROM document_index_signs AS g WHERE g.id = i.id);

UPDATE document_index AS i SET beyond = TRUE
    WHERE NOT i.beyond AND NOT EXISTS (SELECT 1 FROM document_index_signs AS g WHERE g.id = i.id);

-- As before, but signs are read in one walk through their index, newest first, and only as many as are
-- needed: one after the other, each looked up by itself, they took most of the time. Of what a tsvector
-- can't hold they tell nothing.
CREATE OR REPLACE FUNCTION find_indexed(
    asked TSQUERY, low BIGINT, high BIGINT, most BIGINT, sample BIGINT, growth BIGINT,
    standing TEXT[]
) RETURNS TABLE (id BIGINT, size BIGINT, beyond BOOLEAN)
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
    AS $$ DECLARE
        reached BIGINT; below BIGINT; span BIGINT; found BIGINT; within TSQUERY; is_all BOOLEAN; much BIGINT;
        signed BIGINT[]; unsigned BIGINT[];
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
            IF standing IS NULL THEN
                RETURN QUERY
                    SELECT i.id, i.size, i.beyond FROM document_index AS i
                    WHERE i.terms @@ within AND i.id + 0 >= reached AND i.id + 0 < below
                    AND NOT EXISTS (SELECT 1 FROM spilled AS s WHERE s.document_id = i.id)
                    ORDER BY i.id + 0 DESC LIMIT most;
            ELSE
                SELECT array_agg(i.id) FILTER (WHERE NOT i.beyond), array_agg(i.id) FILTER (WHERE i.beyond)
                    INTO signed, unsigned FROM document_index AS i
                    WHERE i.terms @@ within AND i.id + 0 >= reached AND i.id + 0 < below
                    AND NOT EXISTS (SELECT 1 FROM spilled AS s WHERE s.document_id = i.id);
                RETURN QUERY
                    SELECT i.id, i.size, i.beyond FROM document_index AS i
                    WHERE i.id = ANY(ARRAY(
                        SELECT g.id FROM document_index_signs AS g
                        WHERE g.id = ANY(CAST((SELECT signed) AS BIGINT[])) AND g.signs ~ ALL (standing)
                        ORDER BY g.id DESC LIMIT most
                    ) || unsigned)
                    ORDER BY i.id DESC LIMIT most;
            END IF;
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
