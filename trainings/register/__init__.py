"""The register of certificates: each entry, its serial and MAC, what it says, its signature."""
