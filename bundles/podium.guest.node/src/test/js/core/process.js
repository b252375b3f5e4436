// The process object.
console.log(process.argv.length, typeof process.pid, typeof process.ppid, process.title.length > 0);
console.log(process.platform, process.version, process.versions.node, process.release.name);
console.log(Object.prototype.toString.call(process), process instanceof require('events'));
process.env.PODIUM_TEST = 1;
console.log(process.env.PODIUM_TEST, 'PODIUM_TEST' in process.env, delete process.env.PODIUM_TEST, process.env.PODIUM_TEST);
process.env.A_B = undefined;
console.log(process.env.A_B, Object.keys(process.env).includes('A_B'), { ...process.env }.A_B);
try { process.env.X = Symbol(); } catch (e) { console.log(e.message); }
try { Object.defineProperty(process.env, 'Y', { get() {} }); } catch (e) { console.log(e.code); }
console.log(process.hrtime().length, typeof process.hrtime.bigint(), process.uptime() > 0);
console.log(Object.keys(process.memoryUsage()), Object.keys(process.cpuUsage()));
console.log(process.cwd() === require('path').resolve('.'), process.umask().toString(8));
try { process.chdir('/nonexistent-dir'); } catch (e) { console.log(e.code, e.syscall, e.dest); }
try { process.kill(process.pid, 'SIGNOTHING'); } catch (e) { console.log(e.code); }
console.log(process.kill(process.pid, 0));
try { process.exit('x'); } catch (e) { console.log(e.code); }
console.log(process.emitWarning.length);
console.log(process.getuid() === process.geteuid(), Array.isArray(process.getgroups()));
console.log(process.allowedNodeEnvironmentFlags.has('--max-http-header-size'), process.features.inspector !== undefined);
console.log(process.stdout.isTTY, process.stdin.fd, process.stderr.fd);
process.on('exit', (code) => console.log('exit', code, process.exitCode));
process.exitCode = 7;

// What the user's names are told in.
{
  const os = require('os');
  const { username } = os.userInfo();
  console.log(os.userInfo({ encoding: 'buffer' }).username.equals(Buffer.from(username)), os.userInfo({ encoding: 'hex' }).username,
              os.userInfo({ encoding: 5 }).username === username, os.userInfo('hex').username === username);
  try {
    os.userInfo({ get encoding() { throw new Error('of the getter'); } });
  } catch (error) {
    console.log(error.message);
  }
  console.log(Object.keys(globalThis).join());
}
