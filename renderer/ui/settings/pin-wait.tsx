import { useTexts } from '../texts/use-texts.tsx';
import { useCountdown } from '../use-countdown.ts';

/** After too many wrong PINs: how long it is until the next try, counted down. `until` is by this machine's clock, in ISO 8601. */
export function PinWait({ until }: { until: string }) {
  const { t } = useTexts();
  const count = Math.ceil(useCountdown(until, 0).left);
  // A live region would read out every second.
  return <span aria-live="off">{count > 0 ? t('settings.pin.wait', { count }) : t('settings.pin.waited')}</span>;
}
