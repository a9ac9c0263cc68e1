import 'reflect-metadata';
import { isInputObjectType, lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { BackupJobResolver } from './backup-job/backup-job.resolver.ts';
import { BackupOperationResolver } from './backup-operation/backup-operation.resolver.ts';
import { BackupRunResolver } from './backup-run/backup-run.resolver.ts';
import { BackupWindowResolver, WindowComplianceResolver } from './backup-window/backup-window.resolver.ts';
import { ChangeResolver } from './change/change.resolver.ts';
import { renameTypes } from './federation/rename-types.ts';
import type { TypeNames } from './federation/type-names.ts';
import { ClockWarningResolver, ForecastResolver } from './forecast/forecast.resolver.ts';
import { NodeResolver } from './node/node.resolver.ts';
import { ProtectedObjectResolver } from './protected-object/protected-object.resolver.ts';
import { ScheduleResolver, UpcomingRunResolver } from './schedule/schedule.resolver.ts';
import { SourceErrorResolver, VendorSourceResolver } from './source/source.resolver.ts';
import { StatusReportResolver } from './status-report/status-report.resolver.ts';
import { BackupRunChangeResolver, SubscriptionResolver } from './subscription/subscription.resolver.ts';
import { WriteResolver } from './write/write.resolver.ts';

/** The executable schema, with other names for types where they are given. @throws TypeNamesError */
export async function buildGatewaySchema(typeNames: TypeNames = {}): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      BackupJobResolver,
      BackupOperationResolver,
      BackupRunChangeResolver,
      BackupRunResolver,
      BackupWindowResolver,
      ChangeResolver,
      ClockWarningResolver,
      ForecastResolver,
      NodeResolver,
      ProtectedObjectResolver,
      ScheduleResolver,
      SourceErrorResolver,
      StatusReportResolver,
      UpcomingRunResolver,
      SubscriptionResolver,
      VendorSourceResolver,
      WindowComplianceResolver,
      WriteResolver,
    ],
    validate: false,
    pubSub: NO_PUB_SUB,
  });
  for (const name of ONE_OF) {
    const type = schema.getType(name);
    if (!isInputObjectType(type)) throw new Error(`the schema has no input ${name}`);
    type.isOneOf = true;
  }
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (type !== undefined && type !== null) type.description = ROOT_TEXTS[type.name];
  }
  return renameTypes(schema, typeNames);
}

const ROOT_TEXTS: Readonly<Record<string, string>> = {
  Query: 'What can be read. Lists say what became of each source; a source that fails costs only its own rows.',
  Mutation:
    'What can be changed. Each write takes an `input` and answers a payload with `userErrors`; it is sent to the vendor once at most.',
  Subscription:
    'What can be listened to, over WebSocket (graphql-transport-ws) or as server-sent events. A subscription that is lost tells nothing of what happened meanwhile, so: subscribe, remember `changes(since: null) { next }`, and after each disconnect ask `changes(since: …)`.',
};

/** type-graphql wants one although every subscription brings its own events (`src/live`). */
const NO_PUB_SUB = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('no subscription uses topics');
  },
};

/** Inputs of which exactly one member is given; type-graphql has no word for them. */
const ONE_OF = ['CreateBackupTarget', 'ScheduleInput', 'VCenterDestinationInput'];

/** The schema as text, in alphabetical order: what `schema/schema.graphql` holds. */
export function printGatewaySchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
