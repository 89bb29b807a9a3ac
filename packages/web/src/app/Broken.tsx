import type { ErrorComponentProps } from '@tanstack/react-router';
import { Failure } from '../ui/Failure.tsx';

/** Also when a part of the screens can no longer be fetched, because the server was updated meanwhile. */
export function Broken({ error }: ErrorComponentProps) {
  const known = error instanceof Error ? error : new Error(String(error));
  return <Failure error={known} retry={() => window.location.reload()} />;
}
