/** What a process of ours is told of the environment, however it is started. */

/** What a process needs to run at all. Everything else stays here: the environment holds SECRET_KEY and passwords. */
const passedOn = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH'];

export function workerEnvironment(): Record<string, string> {
  // Fewer arenas keep glibc from holding on to the memory of pictures that are long done; libvips' warnings are not ours to print.
  const environment: Record<string, string> = { MALLOC_ARENA_MAX: '2', VIPS_WARNING: '1' };
  for (const name of passedOn) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
