using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Sqlite.Migrations.House
{
    /// <inheritdoc />
    public partial class Triage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "AcknowledgedAfter",
                table: "Alerts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Owner",
                table: "Alerts",
                type: "TEXT",
                maxLength: 80,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "OwnerName",
                table: "Alerts",
                type: "TEXT",
                maxLength: 200,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "Status",
                table: "Alerts",
                type: "TEXT",
                maxLength: 10,
                nullable: false,
                defaultValue: "new");

            migrationBuilder.AddColumn<int>(
                name: "Steps",
                table: "Alerts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "TriagedAfter",
                table: "Alerts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Verdict",
                table: "Alerts",
                type: "TEXT",
                maxLength: 24,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "AlertSteps",
                columns: table => new
                {
                    AlertId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    By = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    ByName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    ByForce = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Act = table.Column<string>(type: "TEXT", maxLength: 10, nullable: false),
                    OldStatus = table.Column<string>(type: "TEXT", maxLength: 10, nullable: false),
                    NewStatus = table.Column<string>(type: "TEXT", maxLength: 10, nullable: false),
                    OldOwner = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    OldOwnerName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    NewOwner = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    NewOwnerName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    OldVerdict = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    NewVerdict = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    OldAcknowledgedAfter = table.Column<long>(type: "INTEGER", nullable: true),
                    OldTriagedAfter = table.Column<long>(type: "INTEGER", nullable: true)
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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AlertSteps");

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
