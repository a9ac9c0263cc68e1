import 'reflect-metadata';
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { BackupJobResolver } from './backup-job/backup-job.resolver.ts';
import { BackupRunResolver } from './backup-run/backup-run.resolver.ts';
import { BackupWindowResolver } from './backup-window/backup-window.resolver.ts';
import { NodeResolver } from './node/node.resolver.ts';
import { ProtectedObjectResolver } from './protected-object/protected-object.resolver.ts';
import { ScheduleResolver } from './schedule/schedule.resolver.ts';
import { SourceErrorResolver, VendorSourceResolver } from './source/source.resolver.ts';
import { StatusReportResolver } from './status-report/status-report.resolver.ts';

/** The executable schema. */
export async function buildGatewaySchema(): Promise<GraphQLSchema> {
  return buildSchema({
    resolvers: [
      BackupJobResolver,
      BackupRunResolver,
      BackupWindowResolver,
      NodeResolver,
      ProtectedObjectResolver,
      ScheduleResolver,
      SourceErrorResolver,
      StatusReportResolver,
      VendorSourceResolver,
    ],
    validate: false,
  });
}

/** The schema as text, in alphabetical order: what `schema/schema.graphql` holds. */
export function printGatewaySchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
