import type { ApiKey } from '@backcheck/contract';
import type { ApiKeyRow } from '@backcheck/db';

export function viewApiKey({ apiKeyId, name, createdAt, lastUsedAt }: ApiKeyRow): ApiKey {
  return {
    id: apiKeyId,
    name,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
