-- When a plan last ran follows from its digests in the outbox; this table was never read.
DROP TABLE digest_run;
