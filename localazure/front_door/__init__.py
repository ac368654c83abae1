"""The one way in: an HTTP CONNECT proxy on loopback that ends TLS with a private CA and routes Azure host names."""
