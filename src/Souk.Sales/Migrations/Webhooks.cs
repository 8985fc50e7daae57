using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Sales.Migrations;

/// <summary>Webhooks and the messages to them.</summary>
[DbContext(typeof(SalesDb))]
[Migration("20261127181726_Webhooks")]
internal sealed class Webhooks : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "webhooks",
            t => new
            {
                id = t.Column<Guid>(),
                url = t.Column<string>(),
                types = t.Column<string>(),
                secret = t.Column<string>(),
                created_at = t.Column<DateTime>(),
                disabled_at = t.Column<DateTime>(nullable: true),
                disabled_reason = t.Column<string>(nullable: true),
                version = t.Column<int>(),
            },
            constraints: t => t.PrimaryKey("pk_webhooks", x => x.id));
        migrationBuilder.CreateTable(
            "webhook_messages",
            t => new
            {
                id = t.Column<Guid>(),
                webhook_id = t.Column<Guid>(),
                event_id = t.Column<Guid>(),
                type = t.Column<string>(),
                payload = t.Column<string>(),
                state = t.Column<string>(),
                attempts = t.Column<int>(),
                last_status = t.Column<int>(nullable: true),
                last_failure = t.Column<string>(nullable: true),
                created_at = t.Column<DateTime>(),
                next_at = t.Column<DateTime>(),
                ended_at = t.Column<DateTime>(nullable: true),
            },
            constraints: t => t.PrimaryKey("pk_webhook_messages", x => x.id));
        migrationBuilder.CreateIndex("ix_webhook_messages_webhook_id_event_id", "webhook_messages", ["webhook_id", "event_id"], unique: true);
        migrationBuilder.CreateIndex("ix_webhook_messages_webhook_id_next_at", "webhook_messages", ["webhook_id", "next_at"], filter: "state = 'Pending'");
        migrationBuilder.CreateIndex("ix_webhook_messages_created_at", "webhook_messages", "created_at");
    }
}
