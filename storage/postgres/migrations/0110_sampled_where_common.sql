-- As before, but the newest are looked for only where something is common enough to be told by them.
CREATE OR REPLACE FUNCTION count_indexed(asked TEXT[], few BIGINT, sample BIGINT)
    RETURNS TABLE (held BIGINT)
    LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET plan_cache_mode = force_custom_plan
    AS $$ DECLARE
        one TEXT; plan JSON; every BIGINT; reached BIGINT; below BIGINT; reckoned FLOAT; within TSQUERY;
    BEGIN
        SELECT t.documents INTO every FROM document_index_total AS t;
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
                IF below IS NULL THEN
                    SELECT min(n.id), max(n.id) + 1 INTO reached, below FROM (
                        SELECT i.id FROM document_index AS i ORDER BY i.id DESC LIMIT sample
                    ) AS n;
                END IF;
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
