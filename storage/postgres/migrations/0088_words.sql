-- The words of each document in a row, of four bytes each: where words stand beside one another, and how
-- often, is read there and not in a tsvector, which takes many times as long to look through. In this
-- order: of the title, of the body, of what is attached, then every form once, in their order. Of a
-- document that a tsvector can't hold there are none here until it is indexed anew.
CREATE TABLE document_index_words (
    id BIGINT PRIMARY KEY,
    words BYTEA NOT NULL
);

ALTER TABLE document_index_words ALTER COLUMN words SET STORAGE EXTERNAL;

INSERT INTO document_index_words (id, words)
SELECT i.id, coalesce(
    (
        SELECT string_agg(
            substring(sha256(convert_to(held.lexeme, 'UTF8')) FROM 1 FOR 4), ''
            ORDER BY strpos('tbaf', left(held.lexeme, 1)), stands.place, held.lexeme COLLATE "C"
        )
        FROM unnest(i.terms) AS held LEFT JOIN LATERAL unnest(held.positions) AS stands (place) ON TRUE
        WHERE left(held.lexeme, 1) IN ('t', 'b', 'a', 'f')
    ),
    ''
)
FROM document_index AS i;

-- What a tsquery finds between two ids, the newest "most": looked for among the newest "sample" first,
-- then in stretches that grow, as far as it was found to be rare: the index gives no order. What is
-- spilled is left out. ("id + 0": the planner must not walk through the ids, and look at each tsvector.)
CREATE OR REPLACE FUNCTION find_indexed(
    asked TSQUERY, low BIGINT, high BIGINT, most BIGINT, sample BIGINT, growth BIGINT
) RETURNS TABLE (id BIGINT, size BIGINT, beyond BOOLEAN)
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
    AS $$ DECLARE
        reached BIGINT; below BIGINT; span BIGINT; found BIGINT; within TSQUERY; is_all BOOLEAN;
    BEGIN
        SELECT min(n.id), max(n.id) + 1, count(*) < sample INTO reached, below, is_all FROM (
            SELECT i.id FROM document_index AS i WHERE i.id >= low AND i.id < high
            ORDER BY i.id DESC LIMIT sample
        ) AS n;
        span := below - reached;
        WHILE below IS NOT NULL LOOP
            within := coalesce(asked && stretches(reached, below), asked);
            RETURN QUERY
                SELECT i.id, i.size, i.beyond FROM document_index AS i
                WHERE i.terms @@ within AND i.id + 0 >= reached AND i.id + 0 < below
                AND NOT EXISTS (SELECT 1 FROM spilled AS s WHERE s.document_id = i.id)
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

-- How many documents each of some tsqueries finds: exactly where it is few, as the planner reckons;
-- else as many as there would be if all were like the newest.
CREATE OR REPLACE FUNCTION count_indexed(asked TEXT[], few BIGINT, sample BIGINT)
    RETURNS TABLE (held BIGINT)
    LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
    AS $$ DECLARE
        one TEXT; plan JSON; every BIGINT; reached BIGINT; below BIGINT; reckoned FLOAT; within TSQUERY;
    BEGIN
        SELECT t.documents INTO every FROM document_index_total AS t;
        IF every > few THEN
            SELECT min(n.id), max(n.id) + 1 INTO reached, below FROM (
                SELECT i.id FROM document_index AS i ORDER BY i.id DESC LIMIT sample
            ) AS n;
        END IF;
        FOREACH one IN ARRAY asked LOOP
            reckoned := 0;
            IF every > few THEN
                EXECUTE format(
                    'EXPLAIN (FORMAT JSON) SELECT FROM document_index WHERE terms @@ CAST(%L AS TSQUERY)',
                    one
                ) INTO plan;
                reckoned := plan #>> '{0,Plan,Plan Rows}';
            END IF;
            within := CAST(one AS TSQUERY);
            IF reckoned > few THEN
                within := coalesce(within && stretches(reached, below), within);
                SELECT count(*) * greatest(every, sample) / sample INTO held
                FROM document_index AS i
                WHERE i.terms @@ within AND i.id + 0 >= reached AND i.id + 0 < below;
            ELSE
                SELECT count(*) INTO held FROM document_index AS i WHERE i.terms @@ within;
            END IF;
            RETURN NEXT;
        END LOOP;
    END $$;
