puts RUBY_VERSION, RUBY_PLATFORM, ARGV.inspect
File.write('/data/w.txt', (1..5).map { |i| "line #{i}\n" }.join)
File.open('/data/w.txt', 'a') { |f| f.puts 'more' }
puts File.readlines('/data/w.txt').map(&:chomp).inspect, File.size('/data/w.txt')
Dir.mkdir('/data/d')
File.rename('/data/w.txt', '/data/d/v.txt')
puts Dir.children('/data/d').inspect, File.stat('/data/d/v.txt').file?
begin
  File.read('/data/none')
rescue => e
  puts e.class, e.message
end
File.unlink('/data/d/v.txt')
Dir.rmdir('/data/d')
$stderr.puts 'error'
exit 3
