-- The words of each document once more, a sign each: of the title, of the body and of what is attached, in
-- that order, as in document_index_words. A sign is one of 1,792, by the first two of the word's four bytes:
-- where words stand, a regular expression tells from them in some microseconds, mistaken now and then, so
-- that few documents are left to be looked at.
CREATE TABLE document_index_signs (
    id BIGINT PRIMARY KEY,
    signs TEXT COLLATE "C" NOT NULL
);

ALTER TABLE document_index_signs ALTER COLUMN signs SET STORAGE EXTERNAL;

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
FROM document_index_words AS w JOIN document_index AS i ON i.id = w.id WHERE NOT i.beyond;

DROP FUNCTION find_indexed(TSQUERY, BIGINT, BIGINT, BIGINT, BIGINT, BIGINT);

-- What a tsquery finds between two ids, the newest "most": looked for among the newest "sample" first,
-- then in stretches that grow, as far as it was found to be rare: the index gives no order. What is
-- spilled is left out, and what has signs of which one of the regular expressions "standing" finds
-- nothing. ("id + 0": the planner must not walk through the ids, and look at each tsvector.)
CREATE FUNCTION find_indexed(
    asked TSQUERY, low BIGINT, high BIGINT, most BIGINT, sample BIGINT, growth BIGINT,
    standing TEXT[]
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
