// Flags: --expose-gc
'use strict';
// Entries that observers get of collections, sockets, lookups and requests, and the times of the loop.
const { PerformanceObserver, performance, constants } = require('perf_hooks');
const net = require('net');
const http = require('http');
const dns = require('dns');

const types = [];
const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    types.push(`${entry.entryType} ${entry.name} ${Object.keys(entry.detail)} ${entry.duration >= 0} ${entry.startTime > 0}`);
});
observer.observe({ entryTypes: ['net', 'dns', 'http'] });
const collections = new PerformanceObserver((list, self) => {
  const { name, entryType, detail } = list.getEntries().find(({ detail }) => detail.flags === constants.NODE_PERFORMANCE_GC_FLAGS_FORCED);
  console.log(name, entryType, detail);
  self.disconnect();
});
collections.observe({ entryTypes: ['gc'] });
gc();

const { nodeStart, v8Start, environment, bootstrapComplete, loopStart, loopExit, idleTime } = performance.nodeTiming;
console.log(0 < nodeStart, nodeStart < v8Start, v8Start < environment, environment < bootstrapComplete, loopStart, loopExit, idleTime);
console.log(performance.eventLoopUtilization());

setTimeout(() => {
  const { idle, active, utilization } = performance.eventLoopUtilization();
  console.log(idle > 50, active > 0, utilization > 0 && utilization < 1, performance.nodeTiming.idleTime >= idle);
  const server = http.createServer((request, response) => response.end('text'));
  server.listen(0, () => {
    dns.lookup('localhost', () => {
      http.get({ port: server.address().port, agent: false }, (response) => {
        response.resume().on('close', () => server.close(() => setImmediate(setImmediate, tell)));
      });
    });
  });
}, 100);

function tell() {
  console.log([...new Set(types)].sort().join('\n'));
  observer.disconnect();
}
