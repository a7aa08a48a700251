"""What every room stands on: records, models, and what is derived from them; knows nothing of communities."""
