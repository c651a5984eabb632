// Stands in for @neon-rs/load and detect-libc when libsql is bundled. Those write a whole diagnostic report of the
// process (with a look at every network interface) to learn which C library it runs on: 25 ms at every start. Which
// binary npm installed tells the same.
const { existsSync } = require('node:fs');

const SUFFIXES = { linux: ['gnu', 'musl', 'gnueabihf', 'musleabihf'], win32: ['msvc'], darwin: [''] };

function currentTarget() {
  const targets = (SUFFIXES[process.platform] ?? ['']).map((suffix) =>
    [process.platform, process.arch, suffix].filter(Boolean).join('-'),
  );
  const installed = targets.filter(isInstalled);
  const musl = installed.find((target) => target.includes('musl'));
  return (existsSync('/etc/alpine-release') && musl) || installed[0] || targets[0];
}

function isInstalled(target) {
  try {
    return require.resolve(`@libsql/${target}`) !== '';
  } catch {
    return false;
  }
}

module.exports = { currentTarget, load: undefined, familySync: () => null, GLIBC: 'glibc', MUSL: 'musl' };
