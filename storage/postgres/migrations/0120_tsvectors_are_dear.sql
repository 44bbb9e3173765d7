-- To look at a tsvector takes forty times as long as the planner reckons for an operator: in an archive of a few
-- thousand documents it walked through all of them, where the index names those that hold the words.
ALTER FUNCTION find_indexed(
    TSQUERY, BIGINT, BIGINT, BIGINT, BIGINT, BIGINT, TEXT[], SMALLINT[], SMALLINT[], TSQUERY
) SET cpu_operator_cost = 0.1;

ALTER FUNCTION count_indexed(TEXT[], BIGINT, BIGINT) SET cpu_operator_cost = 0.1;
