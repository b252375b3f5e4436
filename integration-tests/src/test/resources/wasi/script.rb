puts RUBY_VERSION, RUBY_PLATFORM, ARGV.inspect
File.write('/work/w.txt', (1..5).map { |i| "line #{i}\n" }.join)
File.open('/work/w.txt', 'a') { |f| f.puts 'more' }
puts File.readlines('/work/w.txt').map(&:chomp).inspect, File.size('/work/w.txt')
Dir.mkdir('/work/d')
File.rename('/work/w.txt', '/work/d/v.txt')
puts Dir.children('/work/d').inspect, File.stat('/work/d/v.txt').file?
begin
  File.read('/work/none')
rescue => e
  puts e.class, e.message
end
File.unlink('/work/d/v.txt')
Dir.rmdir('/work/d')
$stderr.puts 'error'
exit 3
