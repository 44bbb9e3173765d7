-- Which words follow one another in a document, as numbers of two bytes: of each two neighbours the first five
-- letters of both make one. So a phrase is looked up, and its words and signs are read in what is found, where
-- all that held its words somewhere were gone through before. Others have the same number now and then.
CREATE TABLE document_index_pairs (
    id BIGINT PRIMARY KEY,
    pairs SMALLINT[] NOT NULL
);

ALTER TABLE document_index_pairs ALTER COLUMN pairs SET STORAGE EXTERNAL;

INSERT INTO document_index_pairs (id, pairs)
SELECT i.id, coalesce(
    (
        SELECT array_agg(
            CAST((7919 * (n.before % 65536) + n.number % 65536) % 65536 - 32768 AS SMALLINT)
        )
        FROM (
            SELECT h.number, lag(h.number) OVER (ORDER BY h.first + stands.place) AS before
            FROM (
                SELECT held.positions, 16384 * ascii(held.lexeme) AS first,
                    1021 * ascii(substr(held.lexeme, 2)) + 509 * ascii(substr(held.lexeme, 3))
                        + 251 * ascii(substr(held.lexeme, 4)) + 113 * ascii(substr(held.lexeme, 5))
                        + 13 * ascii(substr(held.lexeme, 6)) AS number
                FROM unnest(i.terms) AS held WHERE held.positions IS NOT NULL
            ) AS h, unnest(h.positions) AS stands (place)
        ) AS n WHERE n.before IS NOT NULL
    ),
    '{}'
)
FROM document_index AS i WHERE NOT i.beyond ORDER BY i.id;

-- What is added waits in a list until it is enough to be sorted in at once, which takes a quarter of the time.
CREATE INDEX document_index_by_pairs ON document_index_pairs USING gin (pairs)
    WITH (fastupdate = on, gin_pending_list_limit = 4096);

-- What another version adds has no pairs: it is told by its signs alone.
ALTER TABLE document_index_signs ADD COLUMN paired BOOLEAN NOT NULL DEFAULT TRUE;

ALTER TABLE document_index_signs ALTER COLUMN paired SET DEFAULT FALSE;

CREATE INDEX document_index_unpaired ON document_index_signs (id) WHERE NOT paired;

DROP FUNCTION find_indexed(TSQUERY, BIGINT, BIGINT, BIGINT, BIGINT, BIGINT, TEXT[]);

-- As before, but a stretch of a tenth of all or more, where the index is read whole, is all that is left. And
-- what must have "neighbours", and "further" ones, is looked up by them, unless more than one in fifty of the
-- newest has them: then those that are wanted are soon found there.
CREATE FUNCTION find_indexed(
    asked TSQUERY, low BIGINT, high BIGINT, most BIGINT, sample BIGINT, growth BIGINT,
    standing TEXT[], neighbours SMALLINT[], further SMALLINT[]
) RETURNS TABLE (id BIGINT, size BIGINT, beyond BOOLEAN)
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
    AS $$ DECLARE
        reached BIGINT; below BIGINT; span BIGINT; found BIGINT; within TSQUERY; is_all BOOLEAN; much BIGINT;
        signed BIGINT[]; unsigned BIGINT[]; is_paired BOOLEAN := FALSE;
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
            IF below - reached < much AND NOT is_paired THEN
                within := coalesce(asked && stretches(reached, below), asked);
            ELSE
                reached := low;
            END IF;
            IF standing IS NULL THEN
                RETURN QUERY
                    SELECT i.id, i.size, i.beyond FROM document_index AS i
                    WHERE i.terms @@ within AND i.id + 0 >= reached AND i.id + 0 < below
                    AND NOT EXISTS (SELECT 1 FROM spilled AS s WHERE s.document_id = i.id)
                    ORDER BY i.id + 0 DESC LIMIT most;
            ELSE
                IF is_paired THEN
                    SELECT array_agg(p.id) INTO signed FROM document_index_pairs AS p
                        WHERE p.pairs && neighbours AND (further IS NULL OR p.pairs && further)
                        AND p.id + 0 >= reached AND p.id + 0 < below
                        AND NOT EXISTS (SELECT 1 FROM spilled AS s WHERE s.document_id = p.id);
                    SELECT signed || array_agg(g.id) INTO signed FROM document_index_signs AS g
                        WHERE NOT g.paired AND g.id >= reached AND g.id < below
                        AND NOT EXISTS (SELECT 1 FROM spilled AS s WHERE s.document_id = g.id);
                    SELECT array_agg(i.id) INTO unsigned FROM document_index AS i
                        WHERE i.terms @@ '''x''' AND i.id + 0 >= reached AND i.id + 0 < below
                        AND NOT EXISTS (SELECT 1 FROM spilled AS s WHERE s.document_id = i.id);
                ELSE
                    SELECT array_agg(i.id) FILTER (WHERE NOT i.beyond),
                            array_agg(i.id) FILTER (WHERE i.beyond)
                        INTO signed, unsigned FROM document_index AS i
                        WHERE i.terms @@ within AND i.id + 0 >= reached AND i.id + 0 < below
                        AND NOT EXISTS (SELECT 1 FROM spilled AS s WHERE s.document_id = i.id);
                END IF;
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
            EXIT WHEN is_all OR found = most OR reached <= low;
            most := most - found;
            is_paired := neighbours IS NOT NULL AND 50 * found <= sample;
            SELECT max(i.id) + 1 INTO below FROM document_index AS i
                WHERE i.id >= low AND i.id < reached;
            span := least(span, CAST(1 AS BIGINT) << 54)
                * CASE found WHEN 0 THEN growth ELSE least(growth, greatest(2, 2 * most / found)) END;
            reached := greatest(low, below - span);
        END LOOP;
    END $$;
