"""Pages of ``t.me`` read into documents."""
