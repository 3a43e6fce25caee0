using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Postgres.Migrations.House
{
    /// <inheritdoc />
    public partial class Archive : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Table",
                table: "AlertEvents",
                type: "character varying(128)",
                maxLength: 128,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "ArchivedSources",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Source = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Events = table.Column<long>(type: "bigint", nullable: false),
                    Repeats = table.Column<long>(type: "bigint", nullable: false),
                    Unreadable = table.Column<long>(type: "bigint", nullable: false),
                    Late = table.Column<long>(type: "bigint", nullable: false),
                    ClockAhead = table.Column<long>(type: "bigint", nullable: false),
                    WithoutTime = table.Column<long>(type: "bigint", nullable: false),
                    LongestDelay = table.Column<long>(type: "bigint", nullable: false),
                    FarthestAhead = table.Column<long>(type: "bigint", nullable: false),
                    LastEventAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ArchivedSources", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RetentionRules",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Table = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false),
                    Days = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RetentionRules", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_ArchivedSources_ForceId",
                table: "ArchivedSources",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_ArchivedSources_ForceId_Source",
                table: "ArchivedSources",
                columns: new[] { "ForceId", "Source" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RetentionRules_ForceId",
                table: "RetentionRules",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_RetentionRules_ForceId_Table",
                table: "RetentionRules",
                columns: new[] { "ForceId", "Table" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ArchivedSources");

            migrationBuilder.DropTable(
                name: "RetentionRules");

            migrationBuilder.DropColumn(
                name: "Table",
                table: "AlertEvents");
        }
    }
}
