'use strict';
const { Argument, Command, InvalidArgumentError, Option } = require('commander');

const octal = (text) => {
  if (!/^[0-7]+$/.test(text)) throw new InvalidArgumentError('Not an octal number.');
  return parseInt(text, 8);
};

const tool = new Command('tool').description('does things to files').version('1.2.3')
  .addOption(new Option('--colour <when>', 'whether to paint').choices(['always', 'never']).default('never'))
  .addOption(new Option('-l, --limit <n>', 'how many').env('LIMIT').argParser(Number))
  .showSuggestionAfterError().configureHelp({ sortSubcommands: true, sortOptions: true });

tool.command('copy').description('copies').argument('<from>', 'what').argument('<to>', 'where')
  .option('-r, --recursive', 'folders, too').option('--mode <mode>', 'of the copy', octal, 0o600)
  .action((from, to, options, command) => console.log('copy', from, to, options, command.optsWithGlobals()));
tool.command('list').alias('ls').addArgument(new Argument('[names...]', 'what to list').default(['.']))
  .addOption(new Option('--sort <by>').choices(['name', 'size'])).option('--no-header')
  .option('-v, --verbose', 'more', (_, before) => before + 1, 0)
  .hook('preAction', (command) => console.log('before', command.name()))
  .action((names, options) => console.log('list', names, options));
tool.command('fail').action(async () => { throw new Error('as asked'); });
tool.addHelpText('after', '\nMore at nothing.');

tool.parseAsync().catch((error) => { console.error(error.message); process.exitCode = 7; });
