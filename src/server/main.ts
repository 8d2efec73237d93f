import * as module from 'node:module';

// Half of a start is compiling. Node keeps what it compiled, and takes it from there the next time; Node 20 does not know how.
if ('enableCompileCache' in module) module.enableCompileCache();
await import('./start.ts');
