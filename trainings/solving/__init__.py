"""Mixed-integer programs in plain values, and HiGHS, which solves them."""
