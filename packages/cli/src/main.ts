import { Command } from 'commander';
import { type DrawOptions, drawCommand } from './draw.ts';
import type { ImportCommandOptions } from './import.ts';
import { readCommand } from './read.ts';
import { type ReplayOptions, replayCommand } from './replay.ts';
import type { RunnerCommandOptions } from './runner.ts';
import { verifyCommand } from './verify.ts';

type ImportOptions = Omit<ImportCommandOptions, 'key'> & { readonly key?: string };
type RunnerOptions = Omit<RunnerCommandOptions, 'key'> & { readonly key?: string };

// "backcheck read FILE | head" closes the pipe early; that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const program = new Command('backcheck').description('Closes a security finding only by proof');

program
  .command('read')
  .description('print what a scan file says, as JSON Lines; needs no database')
  .argument('<file>', 'the scan file; FILE@2026-11-21T02:20:00Z declares when it was made')
  .option('--format <format>', 'do not detect the format')
  .action(async (file: string, options: { format?: string }) => {
    process.exitCode = await readCommand(file, options);
  });

program
  .command('replay')
  .description('fold scan files as one world, in memory, and show every finding and its state')
  .argument('<files...>', 'scan files, in any order; FILE@TIME declares when one was made')
  .option('--json', 'JSON Lines instead of a table')
  .option('--format <format>', 'do not detect the formats')
  .option('--profile <file>', 'read the scans of its tool by this scan profile')
  .action(async (files: string[], options: ReplayOptions) => {
    process.exitCode = await replayCommand(files, options);
  });

program
  .command('verify')
  .description(
    'check certificates and audit exports offline: 0 valid, 1 invalid with the failing step or line, 2 unreadable',
  )
  .argument('<files...>')
  .option('--key <file>', 'the public key to accept')
  .option('--superseded <file>', 'a list of superseded certificates')
  .option('--json', 'JSON Lines instead of words')
  .action(async (files: string[], options: { key?: string; superseded?: string; json?: boolean }) => {
    process.exitCode = await verifyCommand(files, options);
  });

program
  .command('draw')
  .description('repeat the draw of a look-back offline: prints the ids of the findings that were drawn')
  .argument('<population>', 'the list that was drawn from, as the server exports it')
  .requiredOption('--seed <hex>', 'the seed, as it was published')
  .option('--sample <number>', 'how many were to be drawn; left out: all')
  .option('--strata <strata>', 'how the list was divided: none, severity or organization')
  .action(async (file: string, options: DrawOptions) => {
    process.exitCode = await drawCommand(file, options);
  });

program
  .command('import')
  .description('send scan files to a server and show what each can prove')
  .argument('<files...>', 'scan files; FILE@TIME declares when one was made')
  .requiredOption('--server <url>', 'address of the server')
  .option(
    '--key <key>',
    'API key; better in the environment as BACKCHECK_KEY, where no process list shows it',
  )
  .option('--organization <id>', 'the organization that the files are about')
  .option('--vantage <name>', 'the place the scanner looked from')
  .option('--profile <name>', 'the registered scan profile that the tool was run by')
  .option('--preview', 'show the sheets and import nothing')
  .action(async (files: string[], options: ImportOptions) => {
    const key = options.key ?? process.env['BACKCHECK_KEY'];
    if (key === undefined)
      return program.error('error: --key or the environment variable BACKCHECK_KEY is needed');
    const { importCommand } = await import('./import.ts');
    process.exitCode = await importCommand(files, { ...options, key });
  });

program
  .command('runner')
  .description(
    'look again at what a server asks, from where this machine stands: 0 stopped, 1 refused by the server, 2 not set up',
  )
  .requiredOption('--server <url>', 'address of the server; nothing connects to this machine')
  .option(
    '--key <key>',
    'key of this runner; better in the environment as BACKCHECK_RUNNER_KEY, where no process list shows it',
  )
  .option('--data <folder>', 'holds the key that signs results', 'runner-data')
  .option('--tasks <number>', 'tasks at the same time, 1 to 50', '4')
  .action(async (options: RunnerOptions) => {
    const key = options.key ?? process.env['BACKCHECK_RUNNER_KEY'];
    if (key === undefined)
      return program.error('error: --key or the environment variable BACKCHECK_RUNNER_KEY is needed');
    const { runnerCommand } = await import('./runner.ts');
    process.exitCode = await runnerCommand({ ...options, key });
  });

program
  .command('keys')
  .description('keys of the file store')
  .command('rotate')
  .description('seal files under a new key from now on; the settings are those of the server')
  .action(async () => {
    const { rotateKeysCommand } = await import('./keys.ts');
    process.exitCode = await rotateKeysCommand();
  });

program
  .command('serve')
  .description('run the server; its settings are environment variables')
  .action(async () => {
    // Loaded only now: the commands that need no database start in a tenth of the time.
    const { serveCommand } = await import('./serve.ts');
    process.exitCode = await serveCommand();
  });

await program.parseAsync();
