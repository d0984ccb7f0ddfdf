"""What the law of each country says about trafficking in persons: kept, confirmed, compared."""
