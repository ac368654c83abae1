"""`make down` and `make clean`: take away what `make up` and set-up made."""
