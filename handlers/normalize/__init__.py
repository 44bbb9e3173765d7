"""Every shape of material, read into documents. Pure."""
