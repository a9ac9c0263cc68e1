import type { StoredRefusal, WriteRefusal } from '../domain/backup-operation.ts';
import type { GatewayError } from '../domain/errors.ts';
import type { CapabilityReading } from '../vendors/contract.ts';
import type { WriteContent } from './write-ask.ts';

export const KEY_REUSED: WriteRefusal = {
  code: 'IDEMPOTENCY_KEY_REUSED',
  message: 'The idempotency key was used before for something else. Take a new key for a new wish.',
  field: ['idempotencyKey'],
};

export const CHANGED_MEANWHILE: WriteRefusal = {
  code: 'CHANGED_MEANWHILE',
  message:
    'The schedule is not known to be the one that was read at that instant: it has changed, or it was not read through this gateway since it started. Read it again.',
  field: ['ifUnchangedSince'],
};

export const NEVER_SENT: StoredRefusal = {
  code: 'SOURCE_UNAVAILABLE',
  message: 'The gateway stopped before it was sent. Nothing was changed.',
};

export const FAULT_BEFORE_SENDING: StoredRefusal = {
  code: 'SOURCE_UNAVAILABLE',
  message: 'The gateway failed before it was sent. Nothing was changed.',
};

export const STOPPED_MEANWHILE: StoredRefusal = {
  code: 'OUTCOME_UNCERTAIN',
  message: 'The gateway stopped before the answer came, and the effect is not to be seen yet.',
};

export const SOURCE_GONE: StoredRefusal = {
  code: 'OUTCOME_UNCERTAIN',
  message: 'The gateway stopped before the answer came, and the source is no longer configured.',
};

/** The source could not be asked, so nothing was sent. */
export function unavailable(error: GatewayError): WriteRefusal {
  return { code: 'SOURCE_UNAVAILABLE', message: `${error.message} Nothing was sent.`, error };
}

/** The vendor failed, and its state shows that nothing came of the call. */
export function failedAtVendor(error: GatewayError): WriteRefusal {
  return { code: 'VENDOR_REJECTED', message: `${error.message} Nothing came of it.`, error };
}

/** Whether the call had an effect is not known. */
export function uncertainBecause(error: GatewayError): WriteRefusal {
  return {
    code: 'OUTCOME_UNCERTAIN',
    message: `${error.message} Whether it had an effect is not known; the gateway does not repeat it, and goes on looking.`,
    error,
  };
}

/** What a capability that is not there means for somebody who tried all the same. */
export function refusedBy(
  reading: CapabilityReading & { readonly supported: false },
  field: readonly string[],
): WriteRefusal {
  const { reason, explanation: message, alternatives } = reading;
  switch (reason) {
    case 'NOT_OFFERED_BY_VENDOR':
    case 'READ_ONLY_SOURCE':
      return { code: 'UNSUPPORTED_OPERATION', message, field, alternatives };
    case 'WRONG_STATE':
      return { code: 'WRONG_STATE', message, field };
    case 'NOT_PERMITTED':
      return { code: 'NOT_PERMITTED', message, field };
    case 'SOURCE_DOWN':
      return { code: 'SOURCE_UNAVAILABLE', message, field };
  }
}

/** The refusal with its path from the top of the input: a vendor gives it from its own section on. */
export function placed(refusal: WriteRefusal, content: WriteContent): WriteRefusal {
  const { field } = refusal;
  if (field === undefined) return refusal;
  if (content.verb === 'CREATE') return { ...refusal, field: ['target', content.target.section, ...field] };
  if (content.verb === 'UPDATE_SCHEDULE')
    return { ...refusal, field: ['schedule', content.schedule.section, ...field] };
  return refusal;
}
