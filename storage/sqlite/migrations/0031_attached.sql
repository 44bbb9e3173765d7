-- The words of what is attached get a column of their own in the index, so that a query can leave
-- them out. What was indexed is indexed anew (storage/documents/index.py): its rows say that they are
-- of a former layout.
DROP TABLE document_index;
CREATE VIRTUAL TABLE document_index USING fts5 (
    body, title, mark, form, attached,
    content='', tokenize='ascii'
);
INSERT INTO document_index (document_index, rank) VALUES ('automerge', 8);
