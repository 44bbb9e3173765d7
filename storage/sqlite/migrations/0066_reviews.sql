-- A review of a week asks what was changed in it, and what was deleted.
CREATE INDEX revision_by_time ON revision (replaced_at);
CREATE INDEX document_by_deletion ON document (deleted_at) WHERE deleted_at IS NOT NULL;
