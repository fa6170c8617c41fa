ALTER TABLE "task" ADD COLUMN "ledger_n" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "task" ADD COLUMN "ledger_hash" text DEFAULT '0000000000000000000000000000000000000000000000000000000000000000' NOT NULL;--> statement-breakpoint
UPDATE "task" SET "ledger_n" = "head"."n", "ledger_hash" = "head"."hash"
  FROM (SELECT DISTINCT ON ("task") "task", "n", "hash" FROM "ledger" ORDER BY "task", "n" DESC) AS "head"
  WHERE "head"."task" = "task"."id";--> statement-breakpoint
ALTER TABLE "task" ALTER COLUMN "ledger_n" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "task" ALTER COLUMN "ledger_hash" DROP DEFAULT;
