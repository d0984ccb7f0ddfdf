"""A trainer's path from observer to co-trainer to lead trainer, module by module."""
