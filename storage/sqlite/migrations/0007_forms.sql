-- Words as they stand get a column of their own in the index, where they need no sign before them:
-- it is smaller and faster to write. Segments of the index wait for seven others before they become
-- one, so that a document's words are written anew half as often. What was indexed is indexed anew
-- (storage/documents/index.py): its rows say that they are of a former layout.
DROP TABLE document_index;
CREATE VIRTUAL TABLE document_index USING fts5 (
    body, title, mark, form,
    content='', tokenize='ascii'
);
INSERT INTO document_index (document_index, rank) VALUES ('automerge', 8);

-- Nothing asks any more which rows are not indexed.
DROP INDEX document_by_analysis;
