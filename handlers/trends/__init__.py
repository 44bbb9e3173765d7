"""How much is posted of something over time: counted, compared, and shown as a picture."""
