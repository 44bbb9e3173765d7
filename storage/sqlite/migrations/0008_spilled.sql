-- Documents that found no room among the ids of their own second, with the first of those ids.
CREATE TABLE spilled (
    document_id INTEGER PRIMARY KEY REFERENCES document (id) ON UPDATE CASCADE ON DELETE CASCADE,
    first_id INTEGER NOT NULL
) STRICT;

CREATE INDEX spilled_by_place ON spilled (first_id, document_id);

-- Those that are there already, in a database in which a second was ever full. A second has 256
-- ids, the first second (of the year 1) has the second such stretch; ids below that of the year
-- 1000 are those of documents without a known time.
INSERT INTO spilled (document_id, first_id)
SELECT id, place FROM (
    SELECT id, (
        CAST(strftime('%s', CASE length(published)
            WHEN 4 THEN published || '-01-01'
            WHEN 7 THEN published || '-01'
            ELSE published
        END) AS INTEGER) + 62135596802
    ) * 256 AS place
    FROM (
        SELECT id, json_extract(json, '$.published_at') AS published FROM document
        WHERE id >= 8070495437312 AND EXISTS (
            SELECT 1 FROM document INDEXED BY document_by_message WHERE id % 256 = 255
        )
    )
) WHERE id >= place + 256;
