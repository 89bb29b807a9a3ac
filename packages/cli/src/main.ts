import { Command } from 'commander';
import { readCommand } from './read.ts';
import { replayCommand } from './replay.ts';
import { verifyCommand } from './verify.ts';

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
  .action(async (files: string[], options: { json?: boolean; format?: string }) => {
    process.exitCode = await replayCommand(files, options);
  });

program
  .command('verify')
  .description('check certificates offline: 0 valid, 1 invalid with the failing step, 2 unreadable')
  .argument('<certificates...>')
  .option('--key <file>', 'the public key to accept')
  .option('--json', 'JSON Lines instead of words')
  .action(async (files: string[], options: { key?: string; json?: boolean }) => {
    process.exitCode = await verifyCommand(files, options);
  });

await program.parseAsync();
