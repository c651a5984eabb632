// Loaded into a server by `node --import`: tells its parent what memory it has in use once all garbage is gone.
// Needs --expose-gc. The channel does not keep the server alive.
process.on('message', () => {
  globalThis.gc();
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send({ rss, heapUsed, external });
});
process.channel?.unref();
