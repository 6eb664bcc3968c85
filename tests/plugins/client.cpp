// Stands for an engine's client library, which a machine may not have.
int client_of_an_engine() { return 1; }
