"""One module a command: a request and the services in, a reply out."""
