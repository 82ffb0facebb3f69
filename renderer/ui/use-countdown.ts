import { useEffect, useState } from 'react';

/**
 * Seconds until `at` by the server's clock, twice a second, and how many there were when this `at` was first seen.
 * `offset` is what the server's clock is ahead, in milliseconds.
 */
export function useCountdown(at: string, offset: number): { left: number; total: number } {
  const until = Date.parse(at) - offset;
  const [now, setNow] = useState(() => Date.now());
  const [first, setFirst] = useState({ until, total: (until - now) / 1000 });
  if (first.until !== until) setFirst({ until, total: (until - Date.now()) / 1000 });

  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);

  return { left: Math.max(0, (until - now) / 1000), total: first.total };
}
