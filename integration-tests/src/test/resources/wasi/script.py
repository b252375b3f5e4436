import hashlib, json, os, sys

print(sys.version.split()[0], sys.platform, sys.argv[1:])
with open('/work/w.txt', 'w') as f:
    f.writelines(f'line {i}\n' for i in range(5))
with open('/work/w.txt', 'a') as f:
    f.write('more\n')
print(open('/work/w.txt').read().splitlines(), os.path.getsize('/work/w.txt'))
os.mkdir('/work/d')
os.rename('/work/w.txt', '/work/d/v.txt')
os.symlink('v.txt', '/work/d/l')
print(sorted(os.listdir('/work/d')), os.readlink('/work/d/l'), open('/work/d/l').readline())
try:
    open('/work/none')
except OSError as e:
    print(e)
print(hashlib.sha256(json.dumps({'a': [1, 2, {'b': None}]}).encode()).hexdigest())
print(len(os.urandom(8)), os.urandom(8) != os.urandom(8))
os.unlink('/work/d/l')
os.unlink('/work/d/v.txt')
os.rmdir('/work/d')
print('error', file=sys.stderr)
sys.exit(3)
