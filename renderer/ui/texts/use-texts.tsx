/**
 * The page's words, asked for once for all of its parts. The library's own hook subscribes anew in each part and copies its whole
 * instance there, and its `t` looks through languages, forms and variables at each call: a quarter of what the desk's page does
 * while it opens.
 */
import type { i18n, TFunction } from 'i18next';
import { createContext, type ReactNode, use, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

interface Texts {
  t: TFunction;
  i18n: i18n;
}

const Words = createContext<Texts | null>(null);

/** Around everything that a page draws, within the library's own provider. */
export function TextsProvider({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const texts = useMemo(() => ({ t: remembering(t), i18n }), [t, i18n]);
  return <Words value={texts}>{children}</Words>;
}

/** @throws outside of `TextsProvider`. */
export function useTexts(): Texts {
  const texts = use(Words);
  if (!texts) throw new Error('There is no TextsProvider around this.');
  return texts;
}

/** What takes no variables is the same at each call, until another language brings another `t`. */
function remembering(t: TFunction): TFunction {
  const known = new Map<string, string>();
  return new Proxy(t, {
    apply(asked, self, args: unknown[]) {
      const [key] = args;
      if (args.length !== 1 || typeof key !== 'string') return Reflect.apply(asked, self, args);
      const before = known.get(key);
      if (before !== undefined) return before;
      const text = String(Reflect.apply(asked, self, args));
      known.set(key, text);
      return text;
    },
  });
}
