"""What programs may ask for, over HTTP and as an assistant's tools: one table, read only."""
