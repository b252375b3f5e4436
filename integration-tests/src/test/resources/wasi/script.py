import hashlib, json, os, sys

print(sys.version.split()[0], sys.platform, sys.argv[1:])
with open('/data/w.txt', 'w') as f:
    f.writelines(f'line {i}\n' for i in range(5))
with open('/data/w.txt', 'a') as f:
    f.write('more\n')
print(open('/data/w.txt').read().splitlines(), os.path.getsize('/data/w.txt'))
os.mkdir('/data/d')
os.rename('/data/w.txt', '/data/d/v.txt')
os.symlink('v.txt', '/data/d/l')
print(sorted(os.listdir('/data/d')), os.readlink('/data/d/l'), open('/data/d/l').readline())
try:
    open('/data/none')
except OSError as e:
    print(e)
print(hashlib.sha256(json.dumps({'a': [1, 2, {'b': None}]}).encode()).hexdigest())
print(len(os.urandom(8)), os.urandom(8) != os.urandom(8))
os.unlink('/data/d/l')
os.unlink('/data/d/v.txt')
os.rmdir('/data/d')
print('error', file=sys.stderr)
sys.exit(3)
