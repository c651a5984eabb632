/** What the server knows of its client. */
function whoami({ {{#client_auth}}identity, {{/client_auth}}socket }) {
  return {
{{#client_auth}}
    client: identity?.subject ?? null,
    names: identity?.names ?? [],
    serialNumber: identity?.serialNumber ?? null,
    notAfter: identity?.notAfter ?? null,
{{/client_auth}}
    protocol: socket.getProtocol(),
    cipherSuite: socket.getCipher().standardName,
  };
}
