DROP FUNCTION find_indexed(TSQUERY, BIGINT, BIGINT, BIGINT, BIGINT, BIGINT, TEXT[], SMALLINT[], SMALLINT[]);

-- As before, but what was looked up by its pairs must be found by the query "besides" as well, where there is
-- one: more is asked than the phrase. It is asked of those alone that their signs let pass; and unless the pairs
-- leave clearly less than what all that is asked leaves, that is looked up by its words.
CREATE FUNCTION find_indexed(
    asked TSQUERY, low BIGINT, high BIGINT, most BIGINT, sample BIGINT, growth BIGINT,
    standing TEXT[], neighbours SMALLINT[], further SMALLINT[], besides TSQUERY DEFAULT NULL
) RETURNS TABLE (id BIGINT, size BIGINT, beyond BOOLEAN)
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
    AS $$ DECLARE
        reached BIGINT; below BIGINT; span BIGINT; found BIGINT; within TSQUERY; is_all BOOLEAN; much BIGINT;
        signed BIGINT[]; unsigned BIGINT[]; is_paired BOOLEAN := FALSE;
        much_asked FLOAT; much_paired FLOAT;
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
                        AND (besides IS NULL OR NOT is_paired
                            OR (SELECT i.terms @@ besides FROM document_index AS i WHERE i.id = g.id))
                        ORDER BY g.id DESC LIMIT most
                    ) || unsigned)
                    ORDER BY i.id DESC LIMIT most;
            END IF;
            GET DIAGNOSTICS found = ROW_COUNT;
            EXIT WHEN is_all OR found = most OR reached <= low;
            most := most - found;
            IF neighbours IS NOT NULL AND 50 * found <= sample AND NOT is_paired THEN
                much_asked := reckon_rows('document_index WHERE terms @@ %L', CAST(asked AS TEXT));
                much_paired := reckon_rows('document_index_pairs WHERE pairs && %L', CAST(neighbours AS TEXT));
                is_paired := much_paired
                    < CASE WHEN besides IS NULL THEN 10000 + much_asked ELSE 0.75 * much_asked END;
            END IF;
            SELECT max(i.id) + 1 INTO below FROM document_index AS i
                WHERE i.id >= low AND i.id < reached;
            span := least(span, CAST(1 AS BIGINT) << 54)
                * CASE found WHEN 0 THEN growth ELSE least(growth, greatest(2, 2 * most / found)) END;
            reached := greatest(low, below - span);
        END LOOP;
    END $$;
