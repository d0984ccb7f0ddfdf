"""Tests of the network of working contacts."""
