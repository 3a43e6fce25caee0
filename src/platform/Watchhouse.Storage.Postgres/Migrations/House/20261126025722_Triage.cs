using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Postgres.Migrations.House
{
    /// <inheritdoc />
    public partial class Triage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "AcknowledgedAt",
                table: "Notices",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "AcknowledgedBy",
                table: "Notices",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "Version",
                table: "Notices",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "AcknowledgedAfter",
                table: "Alerts",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Owner",
                table: "Alerts",
                type: "character varying(80)",
                maxLength: 80,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "OwnerName",
                table: "Alerts",
                type: "character varying(200)",
                maxLength: 200,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Status",
                table: "Alerts",
                type: "character varying(10)",
                maxLength: 10,
                nullable: false,
                defaultValue: "new");

            migrationBuilder.AddColumn<int>(
                name: "Steps",
                table: "Alerts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "TriagedAfter",
                table: "Alerts",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Verdict",
                table: "Alerts",
                type: "character varying(24)",
                maxLength: 24,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "AlertSteps",
                columns: table => new
                {
                    AlertId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    By = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    ByName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    ByForce = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Act = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    OldStatus = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    NewStatus = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    OldOwner = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    OldOwnerName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    NewOwner = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    NewOwnerName = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    OldVerdict = table.Column<string>(type: "character varying(24)", maxLength: 24, nullable: false),
                    NewVerdict = table.Column<string>(type: "character varying(24)", maxLength: 24, nullable: false),
                    Reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    OldAcknowledgedAfter = table.Column<long>(type: "bigint", nullable: true),
                    OldTriagedAfter = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertSteps", x => new { x.AlertId, x.Number });
                    table.ForeignKey(
                        name: "FK_AlertSteps_Alerts_AlertId",
                        column: x => x.AlertId,
                        principalTable: "Alerts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "IncidentAlerts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    IncidentId = table.Column<Guid>(type: "uuid", nullable: false),
                    AlertId = table.Column<Guid>(type: "uuid", nullable: false),
                    Title = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    Level = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    EntityKind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Entity = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    Techniques = table.Column<List<string>>(type: "text[]", nullable: false),
                    FirstAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IncidentAlerts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "IncidentEntities",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    IncidentId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Value = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    Note = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IncidentEntities", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "IncidentEntries",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    IncidentId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Words = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    By = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    HappenedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    WrittenAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IncidentEntries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Incidents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    ParentId = table.Column<Guid>(type: "uuid", nullable: true),
                    Reference = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Summary = table.Column<string>(type: "character varying(8000)", maxLength: 8000, nullable: false),
                    Impact = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Urgency = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Severity = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Handling = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Instructions = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    ProposedCategory = table.Column<int>(type: "integer", nullable: true),
                    ConfirmedCategory = table.Column<int>(type: "integer", nullable: true),
                    ConfirmedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    ConfirmedUnder = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    ConfirmedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    OwnerId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Owner = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Review = table.Column<string>(type: "character varying(8000)", maxLength: 8000, nullable: false),
                    OpenedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    OpenedBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    ContainedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ChangedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Incidents", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "IncidentTasks",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    IncidentId = table.Column<Guid>(type: "uuid", nullable: false),
                    Title = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Owner = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Due = table.Column<DateOnly>(type: "date", nullable: true),
                    DoneAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    DoneBy = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IncidentTasks", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Notices_ForceId_CreatedAt",
                table: "Notices",
                columns: new[] { "ForceId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Force_Verdict",
                table: "Alerts",
                columns: new[] { "ForceId", "Verdict", "RaisedAt", "Id" },
                filter: "\"Verdict\" <> ''");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_ForceId_Status_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "ForceId", "Status", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Owner",
                table: "Alerts",
                columns: new[] { "Owner", "RaisedAt", "Id" },
                filter: "\"Owner\" <> ''");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Status_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "Status", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Unclosed",
                table: "Alerts",
                columns: new[] { "RaisedAt", "Id" },
                filter: "\"Status\" <> 'closed'");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Unclosed_Force",
                table: "Alerts",
                columns: new[] { "ForceId", "RaisedAt", "Id" },
                filter: "\"Status\" <> 'closed'");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Unclosed_Force_Level",
                table: "Alerts",
                columns: new[] { "ForceId", "Level", "RaisedAt", "Id" },
                filter: "\"Status\" <> 'closed'");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Unclosed_Force_Owner",
                table: "Alerts",
                columns: new[] { "ForceId", "Owner", "RaisedAt", "Id" },
                filter: "\"Status\" <> 'closed'");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Unclosed_Level",
                table: "Alerts",
                columns: new[] { "Level", "RaisedAt", "Id" },
                filter: "\"Status\" <> 'closed'");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Unclosed_Owner",
                table: "Alerts",
                columns: new[] { "Owner", "RaisedAt", "Id" },
                filter: "\"Status\" <> 'closed'");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Verdict",
                table: "Alerts",
                columns: new[] { "Verdict", "RaisedAt", "Id" },
                filter: "\"Verdict\" <> ''");

            migrationBuilder.CreateIndex(
                name: "IX_AlertSteps_ForceId",
                table: "AlertSteps",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentAlerts_AlertId",
                table: "IncidentAlerts",
                column: "AlertId");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentAlerts_ForceId",
                table: "IncidentAlerts",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentAlerts_IncidentId_AlertId",
                table: "IncidentAlerts",
                columns: new[] { "IncidentId", "AlertId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_IncidentEntities_ForceId",
                table: "IncidentEntities",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentEntities_IncidentId",
                table: "IncidentEntities",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentEntries_ForceId",
                table: "IncidentEntries",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentEntries_IncidentId_HappenedAt",
                table: "IncidentEntries",
                columns: new[] { "IncidentId", "HappenedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_ForceId",
                table: "Incidents",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_ForceId_OpenedAt",
                table: "Incidents",
                columns: new[] { "ForceId", "OpenedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_OpenedAt_Id",
                table: "Incidents",
                columns: new[] { "OpenedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_ParentId",
                table: "Incidents",
                column: "ParentId");

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_Status_OpenedAt",
                table: "Incidents",
                columns: new[] { "Status", "OpenedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_IncidentTasks_ForceId",
                table: "IncidentTasks",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentTasks_IncidentId",
                table: "IncidentTasks",
                column: "IncidentId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AlertSteps");

            migrationBuilder.DropTable(
                name: "IncidentAlerts");

            migrationBuilder.DropTable(
                name: "IncidentEntities");

            migrationBuilder.DropTable(
                name: "IncidentEntries");

            migrationBuilder.DropTable(
                name: "Incidents");

            migrationBuilder.DropTable(
                name: "IncidentTasks");

            migrationBuilder.DropIndex(
                name: "IX_Notices_ForceId_CreatedAt",
                table: "Notices");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Force_Verdict",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_ForceId_Status_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Owner",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Status_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Unclosed",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Unclosed_Force",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Unclosed_Force_Level",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Unclosed_Force_Owner",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Unclosed_Level",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Unclosed_Owner",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Verdict",
                table: "Alerts");

            migrationBuilder.DropColumn(
                name: "AcknowledgedAt",
                table: "Notices");

            migrationBuilder.DropColumn(
                name: "AcknowledgedBy",
                table: "Notices");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "Notices");

            migrationBuilder.DropColumn(
                name: "AcknowledgedAfter",
                table: "Alerts");

            migrationBuilder.DropColumn(
                name: "Owner",
                table: "Alerts");

            migrationBuilder.DropColumn(
                name: "OwnerName",
                table: "Alerts");

            migrationBuilder.DropColumn(
                name: "Status",
                table: "Alerts");

            migrationBuilder.DropColumn(
                name: "Steps",
                table: "Alerts");

            migrationBuilder.DropColumn(
                name: "TriagedAfter",
                table: "Alerts");

            migrationBuilder.DropColumn(
                name: "Verdict",
                table: "Alerts");
        }
    }
}
